const PATHS = {
  brand: 'M3.500 18c5-1 9-5 10-12M8.500 9l5-3.500 3.500 5M13 20h8',
  close: 'M6 6l12 12M18 6 6 18',
  chevron: 'm6 9 6 6 6-6',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.500 4.500',
  check: 'm5 12.500 4.500 4.500L19 7.500',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v5.500M12 7.500v.1',
  warning: 'M12 4 2.800 20h18.400L12 4Zm0 6v4.500M12 17.200v.1',
  download: 'M12 4v11m-4.500-4.500L12 15l4.500-4.500M5 20h14',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700l-1.500 1.500M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.700 5.700l1.500-1.500',
  print: 'M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z',
  star: 'm12 3.800 2.500 5.300 5.800.7-4.300 4 1.200 5.800L12 16.700l-5.200 2.900L8 13.800l-4.300-4 5.800-.7L12 3.800Z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.500 8c.8-3.600 3.700-5.500 7.500-5.500s6.700 1.900 7.500 5.500',
  'theme-light': 'M12 16.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9ZM12 2v2M12 20v2M2 12h2M20 12h2M4.900 4.900l1.400 1.400M17.700 17.700l1.400 1.400M4.900 19.100l1.400-1.400M17.700 6.300l1.400-1.400',
  'theme-dark': 'M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500Z',
  'theme-system': 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 3v18M12 7l6-1M12 12h9M12 17l6 1',
  arrow: 'M5 12h14m-5.500-5.500L19 12l-5.500 5.500',
  up: 'M12 19V6m-5.500 5.500L12 6l5.500 5.500',
  minus: 'M5 12h14',
  down: 'M12 5v13m-5.500-5.500L12 18l5.500-5.500',
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing of 1 em, in the colour of the text; always beside words or inside a named button. */
export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill={filled ? 'currentColor' : 'none'}>
      <path d={PATHS[name]} />
    </svg>
  );
}
