import { useState, type ReactNode } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useClaimStep, useSendCode, type ClaimSide, type ClaimStep } from '../api/pix';
import type { PixClaim, PossessionCode } from '../api/types';
import { FormFrame } from '../components/FormFrame';
import { Modal } from '../components/Modal';
import { ChoiceField } from '../components/TextField';
import { useTexts } from '../i18n/language';
import { pixTexts } from '../i18n/pixkeys';
import { cancelNeedsProof, type StepName } from './claimSteps';
import { CodeForm, type KeyToProve } from './CodeForm';

/** A step that somebody is about to take. */
export interface WantedStep {
  claim: PixClaim;
  side: ClaimSide;
  step: StepName;
}

/** Reasons that a person gives for cancelling; the others belong to jobs. */
type CancelReason = 'USER_REQUESTED' | 'ACCOUNT_CLOSURE' | 'FRAUD' | 'RFB_VALIDATION';

/** Reasons that a side may give (DICT API, cancelClaim). */
function cancelReasons(claim: PixClaim, side: ClaimSide): readonly CancelReason[] {
  if (side === 'incoming') return ['USER_REQUESTED', 'FRAUD'];
  if (claim.type === 'OWNERSHIP') return ['USER_REQUESTED', 'ACCOUNT_CLOSURE', 'FRAUD'];
  return ['USER_REQUESTED', 'ACCOUNT_CLOSURE', 'FRAUD', 'RFB_VALIDATION'];
}

interface StepProps extends WantedStep {
  onClose: () => void;
  onDone: (step: StepName) => void;
}

function KeepButton({ onClose }: { onClose: () => void }) {
  const texts = useTexts(pixTexts);
  return (
    <button type="button" className="button" onClick={onClose}>
      {texts.keep}
    </button>
  );
}

/** A step that a click settles. */
function PlainStep({ claim, step, wanted, onClose, onDone }: Omit<StepProps, 'side'> & { wanted: ClaimStep }) {
  const texts = useTexts(pixTexts);
  const send = useClaimStep(claim.id);
  const form = useForm({ defaultValues: {} });
  return (
    <FormFrame
      form={form}
      labels={{}}
      submitLabel={texts.steps[step]}
      tone="danger"
      footer={<KeepButton onClose={onClose} />}
      onSubmit={async () => {
        await send.mutateAsync(wanted);
        onDone(step);
      }}
    />
  );
}

/** A step for which the customer proves to have the phone or mailbox. */
function ProvedStep({ claim, step, onClose, onDone, above }: Omit<StepProps, 'side'> & { above?: ReactNode }) {
  const texts = useTexts(pixTexts);
  const send = useClaimStep(claim.id);
  const sendCode = useSendCode();
  const form = useForm({ defaultValues: {} });
  const [sent, setSent] = useState<PossessionCode | null>(null);
  const proved: KeyToProve = { type: claim.key.type, value: claim.key.value ?? '' };
  const settle = async (possession_id: string) => {
    if (step === 'reject') await send.mutateAsync({ step, possession_id });
    if (step === 'cancel') await send.mutateAsync({ step, reason: 'USER_REQUESTED', role: 'DONOR', possession_id });
    // Of the claimer's proof the claim itself knows by its id.
    onDone(step);
  };
  if (sent === null) {
    return (
      <FormFrame
        form={form}
        labels={{}}
        submitLabel={texts.sendCode}
        footer={<KeepButton onClose={onClose} />}
        onSubmit={async () => setSent(await sendCode.mutateAsync(proved))}
      >
        {above}
      </FormFrame>
    );
  }
  return (
    <CodeForm
      proved={proved}
      sent={sent}
      {...(step === 'prove' ? { claimId: claim.id } : {})}
      submitLabel={texts.codeConfirm}
      onSentAgain={setSent}
      onProved={settle}
      onBack={onClose}
      backLabel={texts.keep}
    />
  );
}

function CancelStep({ claim, side, onClose, onDone }: StepProps) {
  const texts = useTexts(pixTexts);
  const form = useForm<{ reason: CancelReason }>({ defaultValues: { reason: 'USER_REQUESTED' } });
  const send = useClaimStep(claim.id);
  const reason = useWatch({ control: form.control, name: 'reason' });
  const choice = (
    <ChoiceField
      label={texts.removeReason}
      problem={form.formState.errors.reason?.message}
      choices={cancelReasons(claim, side).map((name) => [name, texts.removeReasons[name]] as const)}
      {...form.register('reason')}
    />
  );
  if (reason === 'USER_REQUESTED' && cancelNeedsProof(claim, side)) {
    return (
      <ProvedStep
        claim={claim}
        step="cancel"
        onClose={onClose}
        onDone={onDone}
        above={
          <>
            {choice}
            <p>{texts.stepTexts.cancelProof}</p>
          </>
        }
      />
    );
  }
  return (
    <FormFrame
      form={form}
      labels={{ reason: texts.removeReason }}
      submitLabel={texts.steps.cancel}
      tone="danger"
      footer={<KeepButton onClose={onClose} />}
      onSubmit={async (values) => {
        await send.mutateAsync({ step: 'cancel', reason: values.reason, role: side === 'incoming' ? 'DONOR' : 'CLAIMER' });
        onDone('cancel');
      }}
    >
      {choice}
    </FormFrame>
  );
}

function Step(props: StepProps) {
  switch (props.step) {
    case 'accept':
    case 'confirm':
      return <PlainStep {...props} wanted={{ step: props.step }} />;
    case 'reject':
    case 'prove':
      return <ProvedStep {...props} />;
    case 'cancel':
      return <CancelStep {...props} />;
  }
}

/** Asks before a step is taken, and says what follows from it. */
export function ClaimDialog({ wanted, onClose, onDone }: { wanted: WantedStep | null } & Pick<StepProps, 'onClose' | 'onDone'>) {
  const texts = useTexts(pixTexts);
  // Keeps its words while it closes.
  const [kept, setKept] = useState(wanted);
  if (wanted !== null && wanted !== kept) setKept(wanted);
  const step = kept?.step ?? 'cancel';
  const text = step === 'cancel' && kept?.claim.status === 'CONFIRMED' ? texts.stepTexts.cancelConfirmed : texts.stepTexts[step];
  return (
    <Modal open={wanted !== null} onClose={onClose} title={texts.stepTitles[step]} description={text}>
      {kept !== null && <Step {...kept} onClose={onClose} onDone={onDone} />}
    </Modal>
  );
}
