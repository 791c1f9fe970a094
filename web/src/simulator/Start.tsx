import { useSavedProducts } from '../api/queries';
import { useLanguage, useTexts } from '../i18n/language';
import { simulatorTexts } from '../i18n/simulator';
import { formatNcm } from './ncm';

/** Products to begin with: real ones, each with ten destinations or more in the sample too. */
const EXAMPLES = [
  { ncm: '17011400', pt: 'Açúcar de cana em bruto', en: 'Raw cane sugar' },
  { ncm: '09011110', pt: 'Café em grão, não torrado', en: 'Coffee beans, not roasted' },
  { ncm: '02023000', pt: 'Carne bovina congelada', en: 'Frozen beef' },
  { ncm: '26011200', pt: 'Minério de ferro aglomerado', en: 'Agglomerated iron ore' },
  { ncm: '12010090', pt: 'Soja em grão', en: 'Soybeans' },
] as const;

interface StartProps {
  onPick: (ncm: string) => void;
}

function ProductButton({ ncm, name, onPick }: { ncm: string; name: string; onPick: (ncm: string) => void }) {
  return (
    <li>
      <button type="button" className="example" onClick={() => onPick(ncm)}>
        <span>{name}</span>
        <span className="quiet number">{formatNcm(ncm)}</span>
      </button>
    </li>
  );
}

/** What stands where results will be: products to try, and how the comparison works. */
export function Start({ onPick }: StartProps) {
  const texts = useTexts(simulatorTexts);
  const { language } = useLanguage();
  const saved = useSavedProducts().data ?? [];
  return (
    <div className="start">
      {saved.length > 0 && (
        <section>
          <h2>{texts.startSaved}</h2>
          <ul className="examples">
            {saved.slice(0, 10).map((product) => (
              <ProductButton
                key={product.ncm}
                ncm={product.ncm}
                name={product.description ?? texts.noDescription}
                onPick={onPick}
              />
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{texts.startTitle}</h2>
        <p className="start-text">{texts.startText}</p>
        <ul className="examples">
          {EXAMPLES.map((example) => (
            <ProductButton key={example.ncm} ncm={example.ncm} name={language === 'en' ? example.en : example.pt} onPick={onPick} />
          ))}
        </ul>
      </section>
      <section>
        <h2>{texts.startHow}</h2>
        <ol className="steps">
          {texts.startSteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </section>
    </div>
  );
}
