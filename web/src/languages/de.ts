/** German. */

import { german as signIn } from "../sign-in/texts/de";
import type { Texts } from "./en";

const german: Texts = {
  direction: "ltr",
  signIn,
};

export default german;
