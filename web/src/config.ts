/** What `stackctl outputs --format vite` wrote. */

import { readAccounts, type Accounts } from "./sign-in/accounts";
import { passwordRules, type PasswordRules } from "./sign-in/password";

export interface Config {
  region: string;
  endpoint: string;
  userPoolId: string;
  clientId: string;
  bucket: string;
  /** Where Cognito answers when it is not AWS's own: the local cloud. */
  cognitoEndpoint?: string;
  passwordRules: PasswordRules;
  accounts: Accounts;
  brand: Brand;
}

/** The look of the page; its colours, font and roundness are the first variables of `style/tokens.css`. */
export interface Brand {
  /** `VITE_BRAND_NAME`; without it the page has a name of its own in each language. */
  name: string | undefined;
  /** `VITE_BRAND_LOGO`: the address of an image on the page's own origin, such as `/logo.svg` for `public/logo.svg`. */
  logo: string | undefined;
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
    accounts: readAccounts(env.VITE_ACCOUNTS),
    brand: { name: env.VITE_BRAND_NAME?.trim() || undefined, logo: env.VITE_BRAND_LOGO?.trim() || undefined },
  };
  if (missing.length > 0) return { missing };
  const cognitoEndpoint = env.VITE_COGNITO_ENDPOINT?.trim();
  return cognitoEndpoint ? { ...config, cognitoEndpoint } : config;
}
