import type { FieldValues } from 'react-hook-form';
import { FormFrame as Frame, type FormFrameProps } from '../components/FormFrame';
import { accountTexts } from '../i18n/account';
import { useTexts } from '../i18n/language';
import { problemWords } from './fields';

export type { Explanation } from '../components/FormFrame';

/** A form of the account: its fields' problems have names of ours, and many tries bring a pause. */
export function FormFrame<Values extends FieldValues>(props: Omit<FormFrameProps<Values>, 'words' | 'pause'>) {
  const texts = useTexts(accountTexts);
  return (
    <Frame
      {...props}
      words={(problem) => problemWords(problem, texts)}
      pause={{ title: texts.tooManyTitle, text: texts.tooManyText }}
    />
  );
}
