/** The folders that the person may see or fill. */

import { texts } from "../languages";
import { Icon } from "../Icon";
import type { Named } from "../folder/names";

interface Props {
  places: readonly Named[];
  chosen: string;
  choose: (path: string) => void;
}

export function Places({ places, chosen, choose }: Props) {
  return (
    <nav className="places" aria-label={texts().places.label}>
      <ul>
        {places.map(({ folder: { path, verbs }, label, detail, icon, mayPut }) => (
          <li key={path}>
            <button aria-current={path === chosen ? "page" : undefined} onClick={() => choose(path)}>
              <Icon name={icon} />
              <span className="place-name" title={detail ? `${label} (${detail})` : label}>
                <bdi>{label}</bdi>
                {detail && <small><bdi>{detail}</bdi></small>}
              </span>
              {!mayPut && <span title={texts().places.viewOnly}><Icon name="eye" /><span className="visually-hidden">{texts().places.viewOnly}</span></span>}
              {mayPut && verbs.length > 0 && !verbs.includes("list") && <span title={texts().places.uploadOnly}><Icon name="upload" /><span className="visually-hidden">{texts().places.uploadOnly}</span></span>}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
