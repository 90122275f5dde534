/** The accounts of the stack's user pool, as the outputs describe them. */

export interface Accounts {
  /** Whether anyone may make an account. */
  signUp: boolean;
  /** The name that a person signs in with. */
  name: NameKind;
  /** Whether the sign-in asks for the code of an authenticator app: nobody's, that of who set one up, everyone's. */
  mfa: "off" | "optional" | "required";
  /** Whether a forgotten password is replaced with a code by email. */
  recovery: boolean;
}

export type NameKind = "user name" | "email" | "phone" | "email or phone";

/** Reads `sign_up=open,sign_in_with=email,mfa=optional`. What the text leaves out has stackctl's default. */
export function readAccounts(text = ""): Accounts {
  const values = new Map(text.split(",").map((word): [string, string] => {
    const [name = "", value = ""] = word.trim().split("=");
    return [name, value];
  }));
  const attributes = values.get("sign_in_with")?.split("+") ?? [];
  const [email, phone] = [attributes.includes("email"), attributes.includes("phone_number")];
  const mfa = values.get("mfa");
  return {
    signUp: values.get("sign_up") === "open",
    name: email && phone ? "email or phone" : email ? "email" : phone ? "phone" : "user name",
    mfa: mfa === "optional" || mfa === "required" ? mfa : "off",
    recovery: values.get("recovery") !== "admin",
  };
}
