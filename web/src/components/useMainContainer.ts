import { useEffect, useRef, type RefObject } from 'react';

/** Where lists that float over the page are put: inside the main landmark, so that they belong to the page's content. */
export function useMainContainer(): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement | null>(null);
  useEffect(() => {
    main.current = document.getElementById('content');
  }, []);
  return main;
}
