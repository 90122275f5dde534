/** The key of a new authenticator app: as a picture to scan, and as text; then the field for the app's first code. */

import { useEffect, useState, type ReactNode } from "react";
import { texts } from "../languages";

interface Props {
  /** The key that Cognito made, in Base32. */
  secret: string;
  /** The account, as the app lists it. */
  name: string;
  /** The field for the code. */
  children: ReactNode;
}

export function AuthenticatorKey({ secret, name, children }: Props) {
  const words = texts().signIn.authenticator;
  const uri = setUpUri(secret, name, document.title || location.hostname);
  return (
    <ol className="instructions">
      <li>{words.install}</li>
      <li>
        {words.scan}
        <div className="new-key">
          <QrCode text={uri} label={words.picture} />
          <div>
            <a className="with-touch" href={uri}>{words.openApp}</a>
            <p className="quiet">{words.key}</p>
            <code>{secret.match(/.{1,4}/g)?.join(" ")}</code>
          </div>
        </div>
      </li>
      <li>{words.enter}{children}</li>
    </ol>
  );
}

/** The address that authenticator apps take, by the format of Google Authenticator. */
function setUpUri(secret: string, name: string, issuer: string): string {
  const [account, by] = [name, issuer].map(encodeURIComponent);
  return `otpauth://totp/${by}:${account}?secret=${secret}&issuer=${by}`;
}

/** White with dark squares also on a dark page: some cameras take no other one. Its size is there before its library. */
function QrCode({ text, label }: { text: string; label: string }) {
  const [modules, setModules] = useState<boolean[][]>();
  useEffect(() => {
    let isShown = true;
    // Without the picture there is still the text below.
    import("qr").then(({ encodeQR }) => isShown && setModules(encodeQR(text, "raw", { border: 4, ecc: "medium" })), () => {});
    return () => {
      isShown = false;
    };
  }, [text]);
  const size = modules?.length ?? 1;
  const path = modules?.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg className="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <path d={path} />
    </svg>
  );
}
