import type { Weights } from '../api/types';
import { Icon } from '../components/Icon';
import { RangeSlider } from '../components/RangeSlider';
import { useFormats, useTexts } from '../i18n/language';
import { simulatorTexts } from '../i18n/simulator';
import { hasDefaultWeights, PART_NAMES, WEIGHT_MAX, WEIGHTS_DEFAULT } from './question';

interface WeightsFieldProps {
  value: Weights;
  onChange: (weights: Weights) => void;
  error: string | null;
}

/** How much each part of the score counts; out of the way until it is opened. */
export function WeightsField({ value, onChange, error }: WeightsFieldProps) {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  const total = PART_NAMES.reduce((sum, part) => sum + value[part], 0);
  const custom = !hasDefaultWeights(value);
  return (
    <details className="disclosure weights">
      <summary>
        <Icon name="chevron" />
        {texts.weights}
        <span className="field-optional">{custom ? texts.weightsCustom : texts.weightsAdvanced}</span>
      </summary>
      <div className="weights-body">
        <p className="field-hint">{texts.weightsHint}</p>
        {PART_NAMES.map((part) => (
          <RangeSlider
            key={part}
            label={texts.parts[part]}
            value={value[part]}
            onChange={(weight) => onChange({ ...value, [part]: weight })}
            min={0}
            max={WEIGHT_MAX}
            step={5}
            valueText={texts.weightsShare(formats.percent(total === 0 ? 0 : (100 * value[part]) / total, 0))}
          />
        ))}
        {error !== null && (
          <p className="field-error" role="alert">
            <Icon name="warning" />
            {error}
          </p>
        )}
        <button type="button" className="button button-small" disabled={!custom} onClick={() => onChange(WEIGHTS_DEFAULT)}>
          {texts.weightsReset}
        </button>
      </div>
    </details>
  );
}
