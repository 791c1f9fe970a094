import { Dialog } from '@base-ui/react/dialog';
import { useRef, type ReactNode } from 'react';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';
import { Icon } from './Icon';

interface ModalProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
}

/** Where the focus goes: what the dialog is for. Without a field or a main action it is the title, never what destroys. */
const FIRST_FOCUS = 'input, textarea, .button-primary';

/** A dialog over the page: takes the focus, closes with Escape, gives the focus back. */
export function Modal({ open, onClose, title, description, children }: ModalProps) {
  const texts = useTexts(commonTexts);
  const popup = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup
          ref={popup}
          className="modal"
          aria-modal="true"
          initialFocus={() => popup.current?.querySelector<HTMLElement>(FIRST_FOCUS) ?? heading.current}
        >
          <div className="modal-head">
            <Dialog.Title ref={heading} tabIndex={-1} className="modal-title">
              {title}
            </Dialog.Title>
            <Dialog.Close className="icon-button" aria-label={texts.close}>
              <Icon name="close" />
            </Dialog.Close>
          </div>
          {description !== undefined && <Dialog.Description className="modal-description">{description}</Dialog.Description>}
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
