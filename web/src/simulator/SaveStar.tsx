import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../api/client';
import { savedProductsKey, useSavedProducts } from '../api/queries';
import { callerKeys, useSession } from '../api/session';
import type { SavedProduct } from '../api/types';
import { toastManager } from '../app/toasts';
import { wordsOfError } from '../components/ErrorNotice';
import { Icon } from '../components/Icon';
import { asApiError } from '../api/errors';
import { commonTexts } from '../i18n/common';
import { useLanguage, useTexts } from '../i18n/language';
import { simulatorTexts } from '../i18n/simulator';

/** Keeps a product in the account, or takes it out; only for those who signed in. */
export function SaveStar({ ncm, description }: { ncm: string; description: string | null }) {
  const texts = useTexts(simulatorTexts);
  const common = useTexts(commonTexts);
  const { language } = useLanguage();
  const cache = useQueryClient();
  const user = useSession().data?.user ?? null;
  const savedProducts = useSavedProducts();
  const saved = savedProducts.data?.some((product) => product.ncm === ncm) ?? false;
  const change = useMutation({
    mutationFn: (save: boolean) => request<null>(`/v1/saved-products/${ncm}`, { method: save ? 'PUT' : 'DELETE', language }),
    // The star answers at once; the server's list replaces this guess when the change is done.
    onMutate: (save) => {
      const before = cache.getQueryData<SavedProduct[]>(savedProductsKey(language)) ?? [];
      const others = before.filter((product) => product.ncm !== ncm);
      const entry: SavedProduct = { ncm, description, saved_at: new Date().toISOString() };
      cache.setQueryData<SavedProduct[]>(savedProductsKey(language), save ? [entry, ...others] : others);
      return before;
    },
    onError: (error, save, before) => {
      cache.setQueryData(savedProductsKey(language), before);
      const apiError = asApiError(error);
      toastManager.add({
        title: save ? texts.saveFailed : texts.unsaveFailed,
        description: wordsOfError(apiError, common).text,
      });
    },
    onSettled: () => cache.invalidateQueries({ queryKey: callerKeys.savedProducts }),
  });
  if (user === null) return null;
  return (
    <button
      type="button"
      className={saved ? 'icon-button star star-on no-print' : 'icon-button star no-print'}
      aria-pressed={saved}
      aria-label={texts.save}
      title={saved ? texts.saved : texts.save}
      disabled={savedProducts.isPending}
      onClick={() => change.mutate(!saved)}
    >
      <Icon name="star" filled={saved} />
    </button>
  );
}
