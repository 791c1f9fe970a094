import { Combobox } from '@base-ui/react/combobox';
import { useState, type ReactNode } from 'react';
import { Icon } from '../../components/Icon';

/** Something that can be chosen from a list. */
export interface Choice {
  key: string;
  name: string;
  /** A code before the name. */
  code?: string;
  flag?: string;
  /** Quiet words after the name. */
  aside?: string;
}

interface PickerProps {
  /** The word itself, as it stands in the sentence. */
  word: ReactNode;
  /** The word's name for assistive technology: what it is, its value, that it changes. */
  label: string;
  /** `word` inside the sentence, `add` for a filter that is not set. */
  look: 'word' | 'add';
  choices: Choice[];
  /** Keys of what is chosen. */
  chosen: string[];
  /** Called with every chosen key, after each change. */
  onChoose: (keys: string[]) => void;
  many: boolean;
  search: string;
  placeholder?: string;
  note: string;
  /** Takes every choice back. */
  clear: string;
  /** Closes a list of several choices. */
  done: string;
  /** Given when the list is searched elsewhere: the text, and who hears of its changes. */
  query?: { text: string; onChange: (text: string) => void };
}

function sameKey(left: Choice, right: Choice): boolean {
  return left.key === right.key;
}

function PickerList({ many }: { many: boolean }) {
  return (
    <Combobox.List className="picker-list">
      {(choice: Choice) => (
        <Combobox.Item key={choice.key} value={choice} className="option picker-option">
          <span className="picker-lead number" aria-hidden={choice.flag !== undefined}>
            {choice.flag !== undefined && <span className="flag">{choice.flag}</span>}
            {choice.code}
          </span>
          <span>{choice.name}</span>
          <span className="quiet number">
            {choice.aside}
            {many && (
              <Combobox.ItemIndicator>
                <Icon name="check" />
              </Combobox.ItemIndicator>
            )}
          </span>
        </Combobox.Item>
      )}
    </Combobox.List>
  );
}

function useFiltering({ query }: PickerProps) {
  const { contains } = Combobox.useFilter();
  return query === undefined
    ? { filter: (choice: Choice, text: string) => contains(choice.name, text) || choice.key.toLowerCase() === text.trim().toLowerCase() }
    : { filter: null, inputValue: query.text, onInputValueChange: query.onChange };
}

function chosenOf({ choices }: PickerProps, keys: readonly string[]): Choice[] {
  return keys.map((key) => choices.find((choice) => choice.key === key) ?? { key, name: key });
}

function Insides({ picker, footer }: { picker: PickerProps; footer: ReactNode }) {
  return (
    <>
      <Combobox.Trigger className={picker.look === 'word' ? 'word' : 'add-filter'} aria-label={picker.label}>
        {picker.word}
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner className="floating" sideOffset={6} align="start" collisionPadding={8}>
          <Combobox.Popup className="picker" aria-label={picker.search}>
            <div className="picker-search">
              <Icon name="search" />
              <Combobox.Input
                className="picker-input"
                aria-label={picker.search}
                placeholder={picker.placeholder ?? picker.search}
                autoComplete="off"
                spellCheck={false}
              />
            </div>
            <Combobox.Status className="options-note">{picker.note}</Combobox.Status>
            <PickerList many={picker.many} />
            {footer}
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </>
  );
}

/** Several choices: they are gathered while the list is open and take effect together when it closes. */
function ManyPicker(picker: PickerProps) {
  const [draft, setDraft] = useState<string[] | null>(null);
  const filtering = useFiltering(picker);
  const keys = draft ?? picker.chosen;
  const close = (chosen: string[] | null) => {
    setDraft(null);
    if (chosen !== null && chosen.join('|') !== picker.chosen.join('|')) picker.onChoose(chosen);
  };
  return (
    <Combobox.Root
      multiple
      items={picker.choices}
      value={chosenOf(picker, keys)}
      onValueChange={(next: Choice[]) => setDraft(next.map((choice) => choice.key))}
      open={draft !== null}
      onOpenChange={(open) => (open ? setDraft(picker.chosen) : close(draft))}
      isItemEqualToValue={sameKey}
      itemToStringLabel={(choice: Choice) => choice.name}
      {...filtering}
      autoHighlight
    >
      <Insides
        picker={picker}
        footer={
          <div className="picker-footer">
            <button type="button" className="button button-small button-primary" onClick={() => close(draft)}>
              {picker.done}
            </button>
            {keys.length > 0 && (
              <button type="button" className="button-plain" onClick={() => close([])}>
                {picker.clear}
              </button>
            )}
          </div>
        }
      />
    </Combobox.Root>
  );
}

/** One choice, which closes the list. */
function OnePicker(picker: PickerProps) {
  const [open, setOpen] = useState(false);
  const filtering = useFiltering(picker);
  return (
    <Combobox.Root
      items={picker.choices}
      value={chosenOf(picker, picker.chosen)[0] ?? null}
      open={open}
      onOpenChange={setOpen}
      onValueChange={(next: Choice | null) => {
        if (next !== null) picker.onChoose([next.key]);
      }}
      isItemEqualToValue={sameKey}
      itemToStringLabel={(choice: Choice) => choice.name}
      {...filtering}
      autoHighlight
    >
      <Insides
        picker={picker}
        footer={
          picker.chosen.length > 0 && (
            <div className="picker-footer">
              <button
                type="button"
                className="button-plain"
                onClick={() => {
                  setOpen(false);
                  picker.onChoose([]);
                }}
              >
                {picker.clear}
              </button>
            </div>
          )
        }
      />
    </Combobox.Root>
  );
}

/** A word of the sentence that opens a list with a search field. */
export function Picker(picker: PickerProps) {
  return picker.many ? <ManyPicker {...picker} /> : <OnePicker {...picker} />;
}
