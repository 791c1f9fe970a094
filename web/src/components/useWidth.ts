import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** The width of an element in pixels, kept current; 0 until it is known. */
export function useWidth<Kind extends HTMLElement>(): { ref: RefObject<Kind | null>; width: number } {
  const ref = useRef<Kind>(null);
  const [width, setWidth] = useState(0);
  // Before the browser paints: a chart that waits for its width would leave a blank frame.
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    setWidth(Math.floor(element.clientWidth));
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
