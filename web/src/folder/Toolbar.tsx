/** What stands above the list: the search and the number of files, or what can be done with the selected ones. */

import { texts } from "../languages";
import { Icon } from "../Icon";

interface Props {
  count: number;
  /** How many of them the search finds. */
  found: number;
  isReading: boolean;
  search: string;
  setSearch: (text: string) => void;
  refresh: () => void;
}

export function Toolbar({ count, found, isReading, search, setSearch, refresh }: Props) {
  const said = texts().list;
  const inWords = isReading ? said.readMore(count) : search.trim() ? said.found(found, count) : said.count(count);
  return (
    <div className="toolbar">
      <div className="search">
        <Icon name="search" />
        <input type="search" aria-label={said.search} placeholder={said.search} value={search} onChange={({ target }) => setSearch(target.value)} />
      </div>
      <p className="quiet" role="status">{inWords}</p>
      <button className="plain" aria-label={said.refresh} title={said.refresh} onClick={refresh}><Icon name="retry" /></button>
    </div>
  );
}

interface SelectedProps {
  count: number;
  save: (() => void) | undefined;
  remove: (() => void) | undefined;
  clear: () => void;
}

export function Selected({ count, save, remove, clear }: SelectedProps) {
  const said = texts().list;
  return (
    <div className="toolbar selected">
      <button className="plain" aria-label={said.clearSelection} title={said.clearSelection} onClick={clear}><Icon name="close" /></button>
      <p role="status">{said.selected(count)}</p>
      {save && <button title={said.bulkDownload} onClick={save}><Icon name="download" /><span>{said.bulkDownload}</span></button>}
      {remove && <button className="danger" title={said.bulkRemove} onClick={remove}><Icon name="remove" /><span>{said.bulkRemove}</span></button>}
    </div>
  );
}
