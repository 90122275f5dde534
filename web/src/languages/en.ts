/** English. `Texts` is what every language has; functions take what a sentence needs. */

import { english as signIn } from "../sign-in/texts/en";

const english = {
  direction: "ltr" as "ltr" | "rtl",
  signIn,
};

export default english;
export type Texts = typeof english;
