import { Slider } from '@base-ui/react/slider';
import type { ReactNode } from 'react';

interface RangeSliderProps {
  label: ReactNode;
  value: number;
  onChange: (value: number) => void;
  min: number;
  max: number;
  step?: number;
  /** The value in words, beside the label and for screen readers. */
  valueText: string;
}

/** One value on a track: arrow keys step, Page Up and Page Down leap, Home and End go to the ends. */
export function RangeSlider({ label, value, onChange, min, max, step = 1, valueText }: RangeSliderProps) {
  return (
    <Slider.Root
      className="field"
      value={value}
      onValueChange={(next) => onChange(typeof next === 'number' ? next : (next[0] ?? min))}
      min={min}
      max={max}
      step={step}
      thumbAlignment="edge"
    >
      <div className="field-label">
        <Slider.Label>{label}</Slider.Label>
        <span className="field-optional number">{valueText}</span>
      </div>
      <Slider.Control className="slider">
        <Slider.Track className="slider-track">
          <Slider.Indicator className="slider-fill" />
          <Slider.Thumb className="slider-thumb" getAriaValueText={() => valueText} />
        </Slider.Track>
      </Slider.Control>
    </Slider.Root>
  );
}
