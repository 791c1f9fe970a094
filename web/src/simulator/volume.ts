/** The server refuses more. */
export const VOLUME_KG_MAX = 1e12;
const CONTAINERS_MAX = 1e6;

/** What the volume field holds. */
export type VolumeText =
  | { kind: 'empty' }
  | { kind: 'kg'; kg: number }
  /** Containers of 20 or 40 feet; the server knows how much of the product they hold. */
  | { kind: 'containers'; count: number; feet: 20 | 40 }
  /** `1.000`: both readings, without a mark of thousands. */
  | { kind: 'ambiguous'; small: number; large: number }
  | { kind: 'unreadable' };

const UNREADABLE: VolumeText = { kind: 'unreadable' };
const UNITS: readonly [RegExp, number][] = [
  [/^(|kgs?\.?|quilos?|kilos?|quilogramas?|kilogram(me)?s?)$/, 1],
  [/^(t\.?|tm|mt|tons?|toneladas?( metricas?)?|tonnes?|metric tons?)$/, 1000],
  [/^(lbs?|libras?|pounds?)$/, 0.453_592_37],
];
const CONTAINER = /conte|contai|cntr|teu|feu|'|(^|[\d ])(pes|ft)$|( pes| ft|feet|foot)/;
const CONTAINER_WORD = /^(containers?|conteiner(es)?|contenedor(es)?|cntrs?|teus?|feus?|x|de|of|pes|ft|feet|foot|um|one|a|dry|hc|reefer)$/;

type NumberText = { kind: 'number'; value: number } | { kind: 'ambiguous'; small: number; large: number } | { kind: 'unreadable' };

/** A number as a person writes it: `1.234,5`, `1234.5`, `1 234,5` and `1,234.5` are the same; `1.234` alone could be two. */
function readNumber(text: string): NumberText {
  if (/ /.test(text) && !/^\d{1,3}( \d{3})+([.,]\d*)?$/.test(text)) return { kind: 'unreadable' };
  const bare = text.replaceAll(' ', '');
  const plain = (value: string): NumberText => ({ kind: 'number', value: Number(value) });
  if (/^\d+$/.test(bare)) return plain(bare);
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(bare)) {
    return { kind: 'ambiguous', small: Number(bare.replace(',', '.')), large: Number(bare.replace(/[.,]/, '')) };
  }
  if (/^(\d+[.,]\d*|[.,]\d+)$/.test(bare)) return plain(bare.replace(',', '.'));
  if (/^[1-9]\d{0,2}(\.\d{3})+(,\d*)?$/.test(bare)) return plain(bare.replaceAll('.', '').replace(',', '.'));
  if (/^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(bare)) return plain(bare.replaceAll(',', ''));
  return { kind: 'unreadable' };
}

function readContainers(text: string): VolumeText {
  const numbers = text.match(/\d[\d.,]*/g)?.map((piece) => piece.replace(/[.,]+$/, '')) ?? [];
  const words = text.match(/[a-z]+/g) ?? [];
  if (text.includes('-') || words.some((word) => !CONTAINER_WORD.test(word))) return UNREADABLE;
  const isFeet = (piece: string | undefined) => piece === '20' || piece === '40';
  let feet = text.includes('teu') ? '20' : text.includes('feu') ? '40' : undefined;
  let count: string | undefined;
  if (feet !== undefined) {
    if (numbers.length > 1) return UNREADABLE;
    count = numbers[0];
  } else if (numbers.length === 2) {
    [count, feet] = isFeet(numbers[1]) ? numbers : [numbers[1], numbers[0]];
  } else {
    feet = numbers.length === 1 ? numbers[0] : undefined;
  }
  if (!isFeet(feet)) return UNREADABLE;
  const read = readNumber(count ?? '1');
  if (read.kind !== 'number') return read;
  return read.value > 0 && read.value <= CONTAINERS_MAX ? { kind: 'containers', count: read.value, feet: feet === '20' ? 20 : 40 } : UNREADABLE;
}

/** A volume as a person writes it: `25000`, `25 t`, `1,5 t`, `100 lb`, `2 contêineres 20'`, `1 FEU`. */
export function readVolume(raw: string): VolumeText {
  const text = raw
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[′’‘´`]/g, "'")
    .replaceAll('×', 'x')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (text === '') return { kind: 'empty' };
  if (text.length > 60) return UNREADABLE;
  if (CONTAINER.test(text)) return readContainers(text);
  const match = /^(-?)([\d., ]*\d)[.,]? ?(mil(?= |$))? ?([a-z. ]*)$/.exec(text);
  if (match === null) return UNREADABLE;
  const [, sign, digits, thousand, unit] = match;
  const scale = UNITS.find(([name]) => name.test((unit ?? '').trim()))?.[1];
  if (scale === undefined) return UNREADABLE;
  const read = readNumber(digits ?? '');
  if (read.kind !== 'number') return read;
  const kg = read.value * scale * (thousand === undefined ? 1 : 1000);
  return Number.isFinite(kg) ? { kind: 'kg', kg: sign === '-' ? -kg : kg } : UNREADABLE;
}

/** Kilograms as the field shows them: no mark of thousands, and never a text with two readings. */
export function volumeText(kg: number, decimalMark: string): string {
  const plain = String(kg);
  return (/^[1-9]\d{0,2}\.\d{3}$/.test(plain) ? `${plain}0` : plain).replace('.', decimalMark);
}
