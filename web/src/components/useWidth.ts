import { useCallback, useState, type RefCallback } from 'react';

/** The width of an element in pixels, kept current; 0 until it is there, whenever that is. */
export function useWidth<Kind extends HTMLElement>(): { ref: RefCallback<Kind>; width: number } {
  const [width, setWidth] = useState(0);
  // Called as the element joins the page, before the browser paints: a chart that waited would leave a blank frame.
  const ref = useCallback((element: Kind) => {
    const measure = () => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
