import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
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

/** A dialog over the page: takes the focus, closes with Escape, gives the focus back. */
export function Modal({ open, onClose, title, description, children }: ModalProps) {
  const texts = useTexts(commonTexts);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="modal" aria-modal="true">
          <div className="modal-head">
            <Dialog.Title className="modal-title">{title}</Dialog.Title>
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
