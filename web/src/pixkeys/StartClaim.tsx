import { useForm } from 'react-hook-form';
import { Link } from 'wouter';
import { useState } from 'react';
import { useStartClaim } from '../api/pix';
import type { NewPixClaim } from '../api/types';
import { FormFrame } from '../components/FormFrame';
import { Modal } from '../components/Modal';
import { Notice } from '../components/Notice';
import { useTexts } from '../i18n/language';
import { pixTexts } from '../i18n/pixkeys';

/** Asks whether a claim is to be opened, says what follows, and opens it. */
export function StartClaimDialog({ wanted, onClose, onStarted }: { wanted: NewPixClaim | null; onClose: () => void; onStarted: () => void }) {
  const texts = useTexts(pixTexts);
  const start = useStartClaim();
  const form = useForm({ defaultValues: {} });
  // Keeps its words while it closes.
  const [kept, setKept] = useState(wanted);
  if (wanted !== null && wanted !== kept) setKept(wanted);
  const type = kept?.type ?? 'PORTABILITY';
  return (
    <Modal open={wanted !== null} onClose={onClose} title={texts.startTitle[type]} description={texts.startText[type]}>
      <FormFrame
        form={form}
        labels={{}}
        submitLabel={texts.start[type]}
        footer={
          <button type="button" className="button" onClick={onClose}>
            {texts.keep}
          </button>
        }
        onSubmit={async () => {
          if (kept === null) return;
          await start.mutateAsync(kept);
          onStarted();
        }}
      />
    </Modal>
  );
}

/** Says that a claim was opened, and where it is now. */
export function StartedNotice({ type }: { type: NewPixClaim['type'] }) {
  const texts = useTexts(pixTexts);
  return (
    <Notice tone="neutral" title={texts.started[type]} role="status">
      <p>
        <Link href="/pix-keys?view=claims&side=outgoing">{texts.startedSee}</Link>
      </p>
    </Notice>
  );
}
