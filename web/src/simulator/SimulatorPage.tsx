import { PageHeading } from '../components/PageHeading';
import { simulatorTexts } from '../i18n/simulator';
import { useTexts } from '../i18n/language';

/** The page Simulador. */
export default function SimulatorPage() {
  const texts = useTexts(simulatorTexts);
  return (
    <div className="page">
      <PageHeading>{texts.title}</PageHeading>
    </div>
  );
}
