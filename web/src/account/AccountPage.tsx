import { PageHeading } from '../components/PageHeading';
import { accountTexts } from '../i18n/account';
import { useTexts } from '../i18n/language';

/** The page Account. */
export default function AccountPage() {
  const texts = useTexts(accountTexts);
  return (
    <div className="page">
      <PageHeading>{texts.title}</PageHeading>
    </div>
  );
}
