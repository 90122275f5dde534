/** The square in front of a file's name: a picture of an image, or the icon of the file's kind. */

import { memo, useEffect, useRef, useState } from "react";
import { Icon } from "../Icon";
import type { Entry } from "./entries";
import { ICONS, kindOf } from "./kinds";
import type { Thumbnails } from "./thumbnails";

interface Props {
  entry: Entry;
  thumbnails: Thumbnails;
  mayFetch: boolean;
}

export const Tile = memo(function Tile({ entry, thumbnails, mayFetch }: Props) {
  const kind = kindOf(entry.name);
  const id = entry.is === "upload" && entry.upload.state.is === "done" ? entry.upload.state.key : entry.id;
  const [picture, setPicture] = useState(() => thumbnails.kept(id));
  const canvas = useRef<HTMLCanvasElement>(null);
  const file = entry.is === "file" ? entry.file : undefined;
  const uploaded = entry.is === "upload" ? entry.upload.file : undefined;

  useEffect(() => {
    setPicture(thumbnails.kept(id));
    if (kind !== "image" || (file && !mayFetch)) return;
    const stop = new AbortController();
    const made = file ? thumbnails.ofFile(file, stop.signal) : uploaded && thumbnails.ofUpload(id, uploaded, stop.signal);
    void made?.then((it) => stop.signal.aborted || setPicture(it));
    return () => stop.abort();
  }, [id, kind, file, uploaded, mayFetch, thumbnails]);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!picture || !context) return;
    const { width, height } = picture;
    const side = Math.min(width, height);
    context.canvas.width = side;
    context.canvas.height = side;
    context.drawImage(picture, (width - side) / 2, (height - side) / 2, side, side, 0, 0, side, side);
  }, [picture]);

  return (
    <span className={`tile ${kind}`}>
      {picture ? <canvas ref={canvas} aria-hidden="true" /> : <Icon name={ICONS[kind]} />}
    </span>
  );
});
