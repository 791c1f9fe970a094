import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { sampleKey } from '../api/cache';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';
import { Header } from './Header';
import type { PageName } from './routes';
import { ToastRegion } from './ToastRegion';

const SAMPLE_STORAGE_KEY = 'bgc.sample';

function storedSample(): boolean {
  try {
    return localStorage.getItem(SAMPLE_STORAGE_KEY) === 'true';
  } catch {
    return false;
  }
}

/** Whether answers come from the sample; remembered, so that a second visit has the band from its first frame. */
function useSample(): boolean {
  const { data } = useQuery<boolean>({ queryKey: sampleKey, enabled: false, initialData: storedSample, staleTime: Infinity });
  useEffect(() => {
    try {
      localStorage.setItem(SAMPLE_STORAGE_KEY, String(data));
    } catch {
      // The band still shows; only its first frame comes later.
    }
  }, [data]);
  return data;
}

function useOnline(): boolean {
  const [online, setOnline] = useState(() => navigator.onLine);
  useEffect(() => {
    const update = () => setOnline(navigator.onLine);
    window.addEventListener('online', update);
    window.addEventListener('offline', update);
    return () => {
      window.removeEventListener('online', update);
      window.removeEventListener('offline', update);
    };
  }, []);
  return online;
}

/** What stands around every page: header, bands, main landmark, notices. */
export function Shell({ page, children }: { page: PageName | null; children: ReactNode }) {
  const texts = useTexts(commonTexts);
  const sample = useSample();
  const online = useOnline();
  return (
    <>
      <a className="skip-link" href="#content">
        {texts.skipToContent}
      </a>
      <Header page={page} />
      <section aria-label={texts.bands}>
        <div role="status">{!online && <p className="band band-attention">{texts.offlineBand}</p>}</div>
        {sample && <p className="band">{texts.sampleBand}</p>}
      </section>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <ToastRegion />
    </>
  );
}
