/** The steps of the sign-in after the first one. */

import type { ReactNode } from "react";
import { AuthenticatorCode } from "./AuthenticatorCode";
import { Choice } from "./Choice";
import { Confirm } from "./Confirm";
import { EmailSetUp } from "./EmailSetUp";
import { FirstPassword } from "./FirstPassword";
import { Forgot } from "./Forgot";
import { Reset } from "./Reset";
import { SentCode } from "./SentCode";
import { SetUp } from "./SetUp";
import { SignUp } from "./SignUp";
import type { Flow, Step } from "./step";

type Other = Exclude<Step, { is: "sign in" }>;

export function OtherStep({ step, flow }: { step: Other; flow: Flow }): ReactNode {
  switch (step.is) {
    case "sign up":
      return <SignUp flow={flow} />;
    case "confirm":
      return <Confirm step={step} flow={flow} />;
    case "forgot":
      return <Forgot step={step} flow={flow} />;
    case "reset":
      return <Reset step={step} flow={flow} />;
    case "new password":
      return <FirstPassword step={step} flow={flow} />;
    case "authenticator code":
      return <AuthenticatorCode step={step} flow={flow} />;
    case "authenticator set-up":
      return <SetUp step={step} flow={flow} />;
    case "sent code":
      return <SentCode step={step} flow={flow} />;
    case "choice":
      return <Choice step={step} flow={flow} />;
    case "email set-up":
      return <EmailSetUp step={step} flow={flow} />;
  }
}
