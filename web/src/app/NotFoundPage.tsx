import { Link } from 'wouter';
import { PageHeading } from '../components/PageHeading';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';

/** An address that names no page. */
export function NotFoundPage() {
  const texts = useTexts(commonTexts);
  return (
    <div className="page page-narrow">
      <PageHeading>{texts.notFoundTitle}</PageHeading>
      <p>{texts.notFoundText}</p>
      <Link href="/" className="button button-primary">
        {texts.toSimulator}
      </Link>
    </div>
  );
}
