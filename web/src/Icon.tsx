/** The few pictures of the page; each stands beside words that say the same. */

const PATHS = {
  upload: "M12 16V5m-4.5 4.5L12 5l4.5 4.5M5 19h14",
  download: "M12 5v11m-4.5-4.5L12 16l4.5-4.5M5 19h14",
  remove: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.2 10.5v5.5m3.6-5.5v5.5",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4",
  done: "m5 12.5 4.5 4.5L19 7.5",
  failed: "M12 7v6.5m0 3v.5M12 3.2 2.8 19.5h18.4z",
  close: "m6.5 6.5 11 11m0-11-11 11",
  retry: "M19 12a7 7 0 1 1-2.1-5M19 3.5V7.5h-4",
  pause: "M8.5 6v12m7-12v12",
  resume: "M8 5.5v13l10.5-6.5z",
  eye: "M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z",
  open: "M12 12h.01",
};

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className={`icon ${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
