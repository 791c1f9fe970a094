import { useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { refreshPixAnswers } from '../api/pix';
import { readPixToken, takePixToken } from '../api/pixToken';
import { FormFrame } from '../components/FormFrame';
import { Icon } from '../components/Icon';
import { TextField } from '../components/TextField';
import { useTexts } from '../i18n/language';
import { pixTexts, type PixTexts } from '../i18n/pixkeys';

function check(pasted: string, texts: PixTexts): string | true {
  if (pasted.trim() === '') return texts.tokenProblems.missing;
  const read = readPixToken(pasted, Date.now());
  return typeof read === 'string' ? texts.tokenProblems[read] : true;
}

/** Takes a token into the memory of this tab. Nothing is sent: the first question tells whether the server trusts it. */
export function TokenForm() {
  const texts = useTexts(pixTexts);
  const cache = useQueryClient();
  const form = useForm({ defaultValues: { token: '' }, shouldFocusError: false });
  return (
    <FormFrame
      form={form}
      labels={{ token: texts.tokenLabel }}
      submitLabel={texts.tokenUse}
      onSubmit={async ({ token }) => {
        const read = readPixToken(token, Date.now());
        if (typeof read === 'string') return;
        form.reset();
        takePixToken(read);
        // What the token before was refused is asked again.
        void refreshPixAnswers(cache);
      }}
    >
      <TextField
        label={texts.tokenLabel}
        hint={texts.tokenHint}
        // Whoever looks over a shoulder sees dots, and no browser offers to keep it.
        type="password"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        problem={form.formState.errors.token?.message}
        {...form.register('token', { validate: (pasted) => check(pasted, texts) })}
      />
    </FormFrame>
  );
}

/** The way in: what a token is for and where it comes from. */
export function TokenGate() {
  const texts = useTexts(pixTexts);
  return (
    <section className="pix-gate" aria-labelledby="pix-token">
      <h2 id="pix-token">{texts.tokenTitle}</h2>
      <TokenForm />
      <details className="disclosure">
        <summary>
          <Icon name="chevron" />
          {texts.tokenHow}
        </summary>
        <p>{texts.tokenHowText}</p>
        <pre className="pix-command">
          <code>{texts.tokenCommand}</code>
        </pre>
      </details>
    </section>
  );
}
