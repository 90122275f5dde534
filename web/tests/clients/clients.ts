/** What other pages use, in a page under the same policy: aws-amplify with the `amplify` output, and Uppy with `/sign`. */

import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { Amplify } from "aws-amplify";
import { fetchAuthSession, getCurrentUser, signIn, signOut } from "aws-amplify/auth";
import { parseAmplifyConfig } from "aws-amplify/utils";

type Outputs = Parameters<typeof parseAmplifyConfig>[0] & { custom?: { cognito_endpoint?: string } };

/** Signs in with an `amplify_outputs.json`; the name that Cognito knows, and the id token. */
async function amplify(outputs: Outputs, username: string, password: string) {
  const config = parseAmplifyConfig(outputs);
  const local = outputs.custom?.cognito_endpoint;
  // The form has no place for another Cognito than AWS's; Amplify itself has.
  if (local && config.Auth?.Cognito) Object.assign(config.Auth.Cognito, { userPoolEndpoint: local });
  Amplify.configure(config);
  await signOut();
  const { isSignedIn } = await signIn({ username, password });
  const { tokens } = await fetchAuthSession();
  const user = await getCurrentUser();
  return { isSignedIn, username: user.username, sub: user.userId, token: tokens?.idToken?.toString() ?? "" };
}

interface Upload {
  endpoint: string;
  token: string;
  name: string;
  /** The bytes are `seed`, repeated: both sides can make them. */
  seed: string;
  size: number;
  inParts: boolean;
}

/** Uploads with Uppy; the key that the server chose. */
async function uppy({ endpoint, token, name, seed, size, inParts }: Upload) {
  const it = new Uppy();
  it.use(AwsS3, {
    shouldUseMultipart: inParts,
    async signRequest(request) {
      const response = await fetch(`${endpoint}/sign`, {
        method: "POST",
        headers: { Authorization: token, "Content-Type": "application/json" },
        body: JSON.stringify(request),
      });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    },
  });
  const part = new TextEncoder().encode(seed);
  const bytes = Uint8Array.from({ length: size }, (_, index) => part[index % part.length] ?? 0);
  it.addFile({ name, type: "application/octet-stream", data: new Blob([bytes]) });
  const result = await it.upload();
  return {
    failed: result?.failed?.map((file) => String(file.error)) ?? [],
    uploaded: result?.successful?.map((file) => file.response?.body ?? {}) ?? [],
  };
}

Object.assign(window, { amplify, uppy });
