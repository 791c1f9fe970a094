import { useRef } from 'react';
import { Link } from 'wouter';
import { useRemoveSavedProduct } from '../api/account';
import { useSavedProducts } from '../api/queries';
import { toastManager } from '../app/toasts';
import { ErrorNotice } from '../components/ErrorNotice';
import { Icon } from '../components/Icon';
import { accountTexts } from '../i18n/account';
import { useFormats, useTexts } from '../i18n/language';
import { ListState } from '../components/ListState';

/** `1701.14.00` of `17011400`, as customs papers write it. */
function dotted(ncm: string): string {
  return ncm.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1.$2.$3');
}

/** Products that the user keeps at hand, each one click from its simulation. */
export function SavedProducts() {
  const texts = useTexts(accountTexts);
  const formats = useFormats();
  const products = useSavedProducts();
  const remove = useRemoveSavedProduct();
  const heading = useRef<HTMLHeadingElement>(null);
  const removed = (ncm: string) => {
    toastManager.add({ title: texts.savedRemoved(dotted(ncm)) });
    // The button that had the focus is gone.
    heading.current?.focus();
  };
  return (
    <section className="account-section" aria-labelledby="account-saved">
      <h2 id="account-saved" ref={heading} tabIndex={-1}>
        {texts.savedTitle}
      </h2>
      {remove.isError && (
        <ErrorNotice error={remove.error} onRetry={() => remove.mutate(remove.variables, { onSuccess: () => removed(remove.variables) })} />
      )}
      <ListState
        query={products}
        empty={
          <>
            {texts.savedEmpty} <Link href="/simulator">{texts.savedEmptyLink}</Link>
          </>
        }
      >
        {(items) => (
          <ul className="rows">
            {items.map(({ ncm, description, saved_at }) => (
              <li key={ncm} className="row">
                <div className="row-words">
                  <Link href={`/simulator?ncm=${ncm}`} className="row-title">
                    {description ?? texts.noDescription}
                  </Link>
                  <span className="quiet number">
                    {dotted(ncm)} · {texts.savedAt(formats.date(saved_at))}
                  </span>
                </div>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={texts.removeSaved(description ?? dotted(ncm))}
                  title={texts.remove}
                  aria-disabled={remove.isPending}
                  onClick={() => !remove.isPending && remove.mutate(ncm, { onSuccess: () => removed(ncm) })}
                >
                  <Icon name="close" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </ListState>
    </section>
  );
}
