/** React hooks for `@stackctl/uploads`, and components without a design of their own. */

export { ChooseFiles } from "./ChooseFiles";
export { OWN, useFiles, useOnline, usePlaces, useSummary, useUnfinished, useUploads, type PlacesState, type Progress } from "./stores";
export { useDrop, usePaste } from "./transfer";
export { useVisibleRows, type VisibleRows } from "./rows";
