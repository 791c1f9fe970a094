import { useActivity } from '../api/account';
import { accountTexts } from '../i18n/account';
import { useFormats, useTexts } from '../i18n/language';
import { ListState } from '../components/ListState';

function words(table: Record<string, string>, name: string): string {
  return table[name] ?? name;
}

/** What was done in the user's name: a stranger's hand shows here. */
export function ActivityList() {
  const texts = useTexts(accountTexts);
  const formats = useFormats();
  const activity = useActivity();
  return (
    <section className="account-section" aria-labelledby="account-activity">
      <h2 id="account-activity">{texts.activityTitle}</h2>
      <ListState query={activity} empty={texts.activityEmpty}>
        {(items) => (
          <ul className="rows rows-tight">
            {items.map((item, at) => (
              // Lines never change place, and two may have the same time.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={`${item.at} ${at}`} className="row">
                <span className="row-words">
                  <span>
                    {words(texts.actions, item.action)}
                    {item.result !== 'ok' && <span className="badge badge-attention">{words(texts.results, item.result)}</span>}
                  </span>
                  {item.credential !== 'none' && <span className="quiet">{words(texts.credentials, item.credential)}</span>}
                </span>
                <time className="quiet number" dateTime={item.at}>
                  {formats.dateTime(item.at)}
                </time>
              </li>
            ))}
          </ul>
        )}
      </ListState>
    </section>
  );
}
