import { PageHeading } from '../components/PageHeading';
import { explorerTexts } from '../i18n/explorer';
import { useTexts } from '../i18n/language';

/** The page Explorer. */
export default function ExplorerPage() {
  const texts = useTexts(explorerTexts);
  return (
    <div className="page">
      <PageHeading>{texts.title}</PageHeading>
    </div>
  );
}
