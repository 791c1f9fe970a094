import { Autocomplete } from '@base-ui/react/autocomplete';
import { useState, type Ref } from 'react';
import { useProductSearch } from '../api/queries';
import type { Product } from '../api/types';
import { describedBy, Field } from '../components/Field';
import { Icon } from '../components/Icon';
import { useDebounced } from '../components/useDebounced';
import { useMainContainer } from '../components/useMainContainer';
import { useFormats, useTexts } from '../i18n/language';
import { simulatorTexts } from '../i18n/simulator';
import { formatNcm, maskNcm, readNcm } from './ncm';

const SEARCH_DELAY_MS = 160;

interface NcmFieldProps {
  value: string;
  onChange: (text: string) => void;
  onBlur: () => void;
  error: string | null;
  inputRef: Ref<HTMLInputElement>;
}

function textOfProduct(product: Product): string {
  return formatNcm(product.ncm);
}

function Suggestion({ product }: { product: Product }) {
  const texts = useTexts(simulatorTexts);
  const formats = useFormats();
  return (
    <Autocomplete.Item className="option product-option" value={product}>
      <span className="number product-code">{formatNcm(product.ncm)}</span>
      <span>{product.description ?? texts.noDescription}</span>
      {product.exports_usd_12m !== null && (
        <span className="quiet number">{texts.suggestionExports(formats.usdCompact(product.exports_usd_12m))}</span>
      )}
    </Autocomplete.Item>
  );
}

/** The product: a masked code, or words that search the table. Any full code is taken, also one the list does not know. */
export function NcmField({ value, onChange, onBlur, error, inputRef }: NcmFieldProps) {
  const texts = useTexts(simulatorTexts);
  const [open, setOpen] = useState(false);
  const main = useMainContainer();
  const query = useDebounced(value, SEARCH_DELAY_MS);
  const read = readNcm(value);
  const search = useProductSearch(readNcm(query).kind === 'too_long' ? '' : query);
  const products = query.trim().length >= 2 ? (search.data?.data ?? []) : [];
  const chosen = read.kind === 'code' ? products.find((product) => product.ncm === read.ncm) : undefined;
  const searching = search.isFetching || query !== value;
  const note = search.isError
    ? texts.suggestionsFailed
    : products.length > 0
      ? texts.suggestionsCount(products.length)
      : searching
        ? texts.suggestionsLoading
        : texts.suggestionsNone;
  // Nothing to suggest for one letter, nor for a code with a digit too many: its error says what to do.
  const suggesting = open && value.trim().length >= 2 && read.kind !== 'too_long' && !(read.kind === 'code' && chosen !== undefined);
  return (
    <Field
      id="ncm"
      label={texts.product}
      error={error}
      hint={chosen === undefined ? texts.productHint : <span className="product-chosen">{chosen.description}</span>}
    >
      <Autocomplete.Root
        items={products}
        filter={null}
        mode="none"
        value={value}
        open={suggesting}
        onOpenChange={setOpen}
        autoHighlight={read.kind === 'search'}
        itemToStringValue={textOfProduct}
        onValueChange={(text, details) => {
          // Escape closes the list; where it is closed already, what was typed stays.
          if (details.reason === 'escape-key') return details.cancel();
          const input = details.event.target;
          // The mask is put on while typing at the end only: elsewhere it would move the caret.
          const atEnd = !(input instanceof HTMLInputElement) || input.selectionStart === text.length;
          return onChange(details.reason === 'input-change' && atEnd ? maskNcm(text) : text);
        }}
      >
        <Autocomplete.InputGroup className="input-group ncm-group">
          <Autocomplete.Input
            id="ncm"
            name="ncm"
            ref={inputRef}
            className="number"
            placeholder={texts.productPlaceholder}
            aria-invalid={error !== null}
            aria-describedby={describedBy('ncm', true, error !== null)}
            aria-required
            autoComplete="off"
            spellCheck={false}
            onBlur={() => {
              onChange(maskNcm(value));
              onBlur();
            }}
          />
          {value !== '' && (
            <Autocomplete.Clear className="icon-button input-clear" aria-label={texts.productClear}>
              <Icon name="close" />
            </Autocomplete.Clear>
          )}
        </Autocomplete.InputGroup>
        <Autocomplete.Portal container={main}>
          <Autocomplete.Positioner className="floating" sideOffset={4}>
            <Autocomplete.Popup className="options">
              <Autocomplete.Status className="options-note">{note}</Autocomplete.Status>
              <Autocomplete.List>{(product: Product) => <Suggestion key={product.ncm} product={product} />}</Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
    </Field>
  );
}
