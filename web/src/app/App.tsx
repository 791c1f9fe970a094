import { CSPProvider } from '@base-ui/react/csp-provider';
import { Toast } from '@base-ui/react/toast';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useLocation } from 'wouter';
import { PageSkeleton } from '../components/Skeleton';
import { LanguageProvider } from '../i18n/language';
import SimulatorPage from '../simulator/SimulatorPage';
import { ErrorBoundary } from './ErrorBoundary';
import { NotFoundPage } from './NotFoundPage';
import { pageOf } from './routes';
import { Shell } from './Shell';
import { toastManager } from './toasts';

const ExplorerPage = lazy(() => import('../explorer/ExplorerPage'));
const AccountPage = lazy(() => import('../account/AccountPage'));
const PixKeysPage = lazy(() => import('../pixkeys/PixKeysPage'));

function Page() {
  const [path] = useLocation();
  switch (pageOf(path)) {
    case 'simulator':
      return <SimulatorPage />;
    case 'explorer':
      return <ExplorerPage />;
    case 'account':
      return <AccountPage />;
    case 'pix-keys':
      return <PixKeysPage />;
    case null:
      return <NotFoundPage />;
  }
}

/** Everything: the shell and the page that the address names. */
export function App({ cache }: { cache: QueryClient }) {
  const [path] = useLocation();
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={cache}>
        <LanguageProvider>
          <Toast.Provider toastManager={toastManager} timeout={5000}>
            <Shell page={pageOf(path)}>
              <ErrorBoundary key={pageOf(path)}>
                <Suspense fallback={<PageSkeleton />}>
                  <Page />
                </Suspense>
              </ErrorBoundary>
            </Shell>
          </Toast.Provider>
        </LanguageProvider>
      </QueryClientProvider>
    </CSPProvider>
  );
}
