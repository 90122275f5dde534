/** English. `Texts` is what every language has; functions take what a sentence needs. */

const english = {
  direction: "ltr" as "ltr" | "rtl",
};

export default english;
export type Texts = typeof english;
