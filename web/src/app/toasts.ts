import { Toast } from '@base-ui/react/toast';

/** Where any part of the page adds a short notice: `toastManager.add({ title })`. */
export const toastManager = Toast.createToastManager();
