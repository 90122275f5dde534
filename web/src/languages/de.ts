/** German. */

import type { Texts } from "./en";

const german: Texts = {
  direction: "ltr",
};

export default german;
