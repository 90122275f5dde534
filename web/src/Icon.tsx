/** The few pictures of the page; each stands beside words that say the same. */

const PATHS = {
  upload: "M12 16V5m-4.5 4.5L12 5l4.5 4.5M5 19h14",
  download: "M12 5v11m-4.5-4.5L12 16l4.5-4.5M5 19h14",
  remove: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.2 10.5v5.5m3.6-5.5v5.5",
  link: "M10 14a4 4 0 0 0 5.8.2l3-3a4 4 0 0 0-5.7-5.7l-1.4 1.4M14 10a4 4 0 0 0-5.8-.2l-3 3a4 4 0 0 0 5.7 5.7l1.4-1.4",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4",
  text: "M7 3.5h7l4 4v13H7zM14 3.5v4h4M9.8 12h5.4m-5.4 3.4h5.4",
  image: "M4.5 5.5h15v13h-15zM8.6 10.4a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4zM5 17l4.6-4.6 3.2 3.2 2.6-2.6 4 4",
  video: "M4 6.5h11v11H4zM15 10.6l5-2.8v8.4l-5-2.8",
  audio: "M9.5 17.5V6l9-1.8v11.4M9.5 17.5a2.4 2.4 0 1 1-4.8 0 2.4 2.4 0 0 1 4.8 0zM18.5 15.6a2.4 2.4 0 1 1-4.8 0 2.4 2.4 0 0 1 4.8 0z",
  archive: "M5 8.5h14v11H5zM4 4.5h16v4H4zM10 12.3h4",
  folder: "M3.5 6h6l2 2.5h9v10h-17z",
  people: "M9 11.2a3.1 3.1 0 1 0 0-6.2 3.1 3.1 0 0 0 0 6.2zM3.4 19c.3-3.2 2.6-5 5.6-5s5.3 1.8 5.6 5M15.4 5.4a3.1 3.1 0 0 1 0 5.5M17.2 14.4c2 .7 3.2 2.3 3.4 4.6",
  person: "M12 11.5a3.6 3.6 0 1 0 0-7.2 3.6 3.6 0 0 0 0 7.2zM5.2 19.7c.5-3.6 3.1-5.6 6.8-5.6s6.3 2 6.8 5.6",
  search: "M10.8 17.1a6.3 6.3 0 1 0 0-12.6 6.3 6.3 0 0 0 0 12.6zM15.4 15.4l4.6 4.6",
  done: "m5 12.5 4.5 4.5L19 7.5",
  failed: "M12 7v6.5m0 3v.5M12 3.2 2.8 19.5h18.4z",
  offline: "M4 4l16 16M8.2 15.6a5.4 5.4 0 0 1 4.6-1.5M5 12.2a9.6 9.6 0 0 1 3.4-2.1M12.4 9.1c2.5.2 4.8 1.3 6.6 3.1M12 18.8h.01",
  close: "m6.5 6.5 11 11m0-11-11 11",
  retry: "M19 12a7 7 0 1 1-2.1-5M19 3.5V7.5h-4",
  pause: "M8.5 6v12m7-12v12",
  resume: "M8 5.5v13l10.5-6.5z",
  previous: "m14.5 5.5-6.5 6.5 6.5 6.5",
  next: "m9.5 5.5 6.5 6.5-6.5 6.5",
  descending: "m6.5 9.5 5.5 5.5 5.5-5.5",
  ascending: "m6.5 14.5 5.5-5.5 5.5 5.5",
  eye: "M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z",
  open: "M12 12h.01",
};

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
