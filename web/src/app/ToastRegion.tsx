import { Toast } from '@base-ui/react/toast';
import { Icon } from '../components/Icon';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';

/** The corner in which short notices appear and are read out. */
export function ToastRegion() {
  const texts = useTexts(commonTexts);
  const { toasts } = Toast.useToastManager();
  return (
    <Toast.Portal>
      <Toast.Viewport className="toasts" aria-label={texts.notifications}>
        {toasts.map((toast) => (
          <Toast.Root key={toast.id} toast={toast} className="toast">
            <Toast.Content className="toast-content">
              <div className="toast-words">
                <Toast.Title className="toast-title" />
                <Toast.Description className="toast-description" />
              </div>
              <Toast.Close className="icon-button" aria-label={texts.close}>
                <Icon name="close" />
              </Toast.Close>
            </Toast.Content>
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
