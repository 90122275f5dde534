/** What `stackctl outputs --format vite` wrote. */

export interface Config {
  region: string;
  endpoint: string;
  userPoolId: string;
  clientId: string;
  bucket: string;
  /** Where Cognito answers when it is not AWS's own: the local cloud. */
  cognitoEndpoint?: string;
  passwordRules: PasswordRules;
}

/** What the pool wants of a password. */
export interface PasswordRules {
  length: number;
  lowercase: boolean;
  uppercase: boolean;
  digits: boolean;
  symbols: boolean;
}

/** The configuration, or the names of the variables that are missing. */
export function readConfig(env: Record<string, string | undefined>): Config | { missing: string[] } {
  const missing: string[] = [];
  const need = (name: string) => {
    const value = env[name]?.trim() ?? "";
    if (value === "") missing.push(name);
    return value;
  };
  const config = {
    region: need("VITE_REGION"),
    endpoint: need("VITE_ENDPOINT").replace(/\/+$/, ""),
    userPoolId: need("VITE_USER_POOL_ID"),
    clientId: need("VITE_CLIENT_ID"),
    bucket: need("VITE_BUCKET"),
    passwordRules: passwordRules(env.VITE_PASSWORD_POLICY),
  };
  if (missing.length > 0) return { missing };
  const cognitoEndpoint = env.VITE_COGNITO_ENDPOINT?.trim();
  return cognitoEndpoint ? { ...config, cognitoEndpoint } : config;
}

/** Reads `length=8,lowercase,uppercase,digits,symbols`; nothing at all is stackctl's default, which is Cognito's. */
export function passwordRules(text = "length=8,lowercase,uppercase,digits,symbols"): PasswordRules {
  const words = text.split(",").map((word) => word.trim());
  const length = words.find((word) => word.startsWith("length="))?.slice("length=".length);
  const has = (word: string) => words.includes(word);
  return {
    length: Number(length) || 6,
    lowercase: has("lowercase"),
    uppercase: has("uppercase"),
    digits: has("digits"),
    symbols: has("symbols"),
  };
}

// The symbols by Cognito's rules; a space counts too, but not at the ends.
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/;

/** Each rule in words, and whether a password keeps it. */
export function judge(rules: PasswordRules, password: string): { rule: string; kept: boolean }[] {
  const all: [wanted: boolean, rule: string, kept: boolean][] = [
    [true, `at least ${rules.length} characters`, password.length >= rules.length],
    [rules.lowercase, "a lower-case letter", /[a-z]/.test(password)],
    [rules.uppercase, "an upper-case letter", /[A-Z]/.test(password)],
    [rules.digits, "a digit", /[0-9]/.test(password)],
    [rules.symbols, "a symbol (such as - or !)", SYMBOL.test(password.trim())],
  ];
  return all.filter(([wanted]) => wanted).map(([, rule, kept]) => ({ rule, kept }));
}
