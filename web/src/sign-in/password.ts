/** The password rules of the user pool. */

export interface PasswordRules {
  length: number;
  lowercase: boolean;
  uppercase: boolean;
  digits: boolean;
  symbols: boolean;
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

/** The rules, and whether a password keeps each. */
export function judge(rules: PasswordRules, password: string): { rule: keyof PasswordRules; kept: boolean }[] {
  const all: [wanted: boolean, rule: keyof PasswordRules, kept: boolean][] = [
    [true, "length", password.length >= rules.length],
    [rules.lowercase, "lowercase", /[a-z]/.test(password)],
    [rules.uppercase, "uppercase", /[A-Z]/.test(password)],
    [rules.digits, "digits", /[0-9]/.test(password)],
    [rules.symbols, "symbols", SYMBOL.test(password.trim())],
  ];
  return all.filter(([wanted]) => wanted).map(([, rule, kept]) => ({ rule, kept }));
}
