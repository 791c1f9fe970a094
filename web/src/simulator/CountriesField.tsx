import { Combobox } from '@base-ui/react/combobox';
import { useMemo } from 'react';
import { useCountries } from '../api/queries';
import type { Country } from '../api/types';
import { describedBy, Field } from '../components/Field';
import { Icon } from '../components/Icon';
import { useMainContainer } from '../components/useMainContainer';
import { useLanguage, useTexts } from '../i18n/language';
import { simulatorTexts } from '../i18n/simulator';

interface CountriesFieldProps {
  value: string[];
  onChange: (codes: string[]) => void;
  error: string | null;
}

/** A country as the list shows it. */
interface Choice {
  code: string;
  name: string;
  flag: string;
}

function choicesOf(countries: Country[], english: boolean, compare: (left: string, right: string) => number): Choice[] {
  return countries
    .filter((country) => country.rankable)
    .map((country) => ({ code: country.code, name: english ? country.name_en : country.name_pt, flag: country.flag_emoji }))
    .toSorted((left, right) => compare(left.name, right.name));
}

/** Destinations to compare; none chosen means all. */
export function CountriesField({ value, onChange, error }: CountriesFieldProps) {
  const texts = useTexts(simulatorTexts);
  const { language, formats } = useLanguage();
  const countries = useCountries();
  const main = useMainContainer();
  const { contains } = Combobox.useFilter();
  const choices = useMemo(
    () => choicesOf(countries.data ?? [], language === 'en', formats.compareNames),
    [countries.data, language, formats],
  );
  // A code of the address that no country has stays visible, so that it can be taken out.
  const chosen = useMemo(
    () => value.map((code) => choices.find((choice) => choice.code === code) ?? { code, name: code, flag: '' }),
    [value, choices],
  );
  return (
    <Field
      id="countries"
      label={texts.countries}
      aside={texts.optional}
      error={error}
      hint={countries.isError ? texts.countriesFailed : texts.countriesHint}
    >
      <Combobox.Root
        multiple
        items={choices}
        value={chosen}
        // Escape closes the list; where it is closed already, the chosen countries stay.
        onValueChange={(next: Choice[], details) =>
          details.reason === 'escape-key' ? details.cancel() : onChange(next.map((choice) => choice.code))
        }
        isItemEqualToValue={(item: Choice, selected: Choice) => item.code === selected.code}
        itemToStringLabel={(choice: Choice) => choice.name}
        filter={(choice: Choice, query) => contains(choice.name, query) || choice.code === query.trim().toUpperCase()}
        autoHighlight
      >
        <Combobox.InputGroup className="input-group">
          <Combobox.Chips className="chips" aria-label={chosen.length > 0 ? texts.countriesChosen : undefined}>
            {chosen.map((choice) => (
              <Combobox.Chip key={choice.code} className="chip" aria-label={choice.name}>
                <span aria-hidden="true" className="flag">
                  {choice.flag}
                </span>
                {choice.name}
                <Combobox.ChipRemove className="chip-remove" aria-label={texts.countryRemove(choice.name)}>
                  <Icon name="close" />
                </Combobox.ChipRemove>
              </Combobox.Chip>
            ))}
            <Combobox.Input
              id="countries"
              placeholder={chosen.length === 0 ? texts.countriesPlaceholder : ''}
              aria-invalid={error !== null}
              aria-describedby={describedBy('countries', true, error !== null)}
              autoComplete="off"
              spellCheck={false}
            />
          </Combobox.Chips>
        </Combobox.InputGroup>
        <Combobox.Portal container={main}>
          <Combobox.Positioner className="floating" sideOffset={4}>
            <Combobox.Popup className="options">
              <Combobox.Empty className="options-note">{texts.countriesNone}</Combobox.Empty>
              <Combobox.List>
                {(choice: Choice) => (
                  <Combobox.Item key={choice.code} value={choice} className="option">
                    <span aria-hidden="true" className="flag">
                      {choice.flag}
                    </span>
                    <span>{choice.name}</span>
                    <Combobox.ItemIndicator>
                      <Icon name="check" />
                    </Combobox.ItemIndicator>
                  </Combobox.Item>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
    </Field>
  );
}
