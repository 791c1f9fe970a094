import type { PartName, SimulationRequest, Weights } from '../api/types';
import { readNcm } from './ncm';
import { readVolume, VOLUME_KG_MAX } from './volume';

export const MAX_RESULTS_DEFAULT = 10;
export const MAX_RESULTS_MAX = 50;
export const WEIGHT_MAX = 100;
/** More country codes than there are countries are cut off. */
const COUNTRIES_MAX = 300;

/** Parts of the score in the order in which the page and the address name them. */
export const PART_NAMES: readonly PartName[] = ['market_size', 'growth', 'price', 'distance'];

/** Weights when nobody changes them, in percent; they are the server's own. */
export const WEIGHTS_DEFAULT: Weights = { market_size: 40, growth: 30, price: 20, distance: 10 };

/** One question to the simulator, as the address holds it. */
export interface Question {
  /** Text of the product as it stands in the address; eight digits when it is right. */
  ncm: string;
  /** Kilograms; null when not given. */
  volumeKg: number | null;
  /** Containers, such as `2x20'`; never with `volumeKg`. */
  volume?: string;
  /** Codes of countries; empty for all. */
  countries: string[];
  maxResults: number;
  /** Whole numbers from 0 to 100. */
  weights: Weights;
}

export function hasDefaultWeights(weights: Weights): boolean {
  return PART_NAMES.every((part) => weights[part] === WEIGHTS_DEFAULT[part]);
}

function maxResultsOf(text: string | null): number {
  const count = Number(text ?? '');
  if (text === null || text.trim() === '' || !Number.isFinite(count)) return MAX_RESULTS_DEFAULT;
  return Math.min(MAX_RESULTS_MAX, Math.max(1, Math.round(count)));
}

function weightsOf(text: string | null): Weights {
  const numbers = (text ?? '').split(',').map((piece) => (piece.trim() === '' ? Number.NaN : Number(piece)));
  const [market_size, growth, price, distance] = numbers;
  const fit = numbers.length === PART_NAMES.length && numbers.every((weight) => weight >= 0 && weight <= WEIGHT_MAX);
  if (!fit || market_size === undefined || growth === undefined || price === undefined || distance === undefined) {
    return WEIGHTS_DEFAULT;
  }
  if (market_size + growth + price + distance === 0) return WEIGHTS_DEFAULT;
  return {
    market_size: Math.round(market_size),
    growth: Math.round(growth),
    price: Math.round(price),
    distance: Math.round(distance),
  };
}

function volumeOf(text: string | null): number | null {
  const kg = Number(text ?? '');
  return text !== null && kg > 0 && kg <= VOLUME_KG_MAX ? kg : null;
}

/** Containers of the address; without them a volume in any other unit is read as kilograms. */
function containersOf(parameters: URLSearchParams): { volume?: string; volumeKg?: number } {
  if (parameters.has('volume_kg')) return {};
  const read = readVolume(parameters.get('volume') ?? '');
  if (read.kind === 'containers') return { volume: `${read.count}x${read.feet}'` };
  return read.kind === 'kg' && read.kg > 0 && read.kg <= VOLUME_KG_MAX ? { volumeKg: read.kg } : {};
}

/** The question that a query string holds; null when it names no product. Values out of range fall back to the nearest that fits. */
export function questionOfSearch(search: string): Question | null {
  const parameters = new URLSearchParams(search);
  const ncm = parameters.get('ncm')?.trim() ?? '';
  if (ncm === '') return null;
  const read = readNcm(ncm);
  const countries = (parameters.get('countries') ?? '').split(',').map((code) => code.trim().toUpperCase());
  return {
    ncm: read.kind === 'code' ? read.ncm : ncm,
    volumeKg: volumeOf(parameters.get('volume_kg')),
    ...containersOf(parameters),
    countries: [...new Set(countries.filter((code) => code !== ''))].slice(0, COUNTRIES_MAX),
    maxResults: maxResultsOf(parameters.get('max_results')),
    weights: weightsOf(parameters.get('w')),
  };
}

/** The query string of a question, without its `?`; what has its default is left out, and the same question gives the same text. */
export function searchOfQuestion(question: Question): string {
  const pairs = [`ncm=${encodeURIComponent(question.ncm)}`];
  if (question.volumeKg !== null) pairs.push(`volume_kg=${question.volumeKg}`);
  if (question.volume !== undefined) pairs.push(`volume=${encodeURIComponent(question.volume)}`);
  // Commas stay as they are, so that the address can be read and typed.
  if (question.countries.length > 0) pairs.push(`countries=${question.countries.map(encodeURIComponent).join(',')}`);
  if (question.maxResults !== MAX_RESULTS_DEFAULT) pairs.push(`max_results=${question.maxResults}`);
  if (!hasDefaultWeights(question.weights)) pairs.push(`w=${PART_NAMES.map((part) => question.weights[part]).join(',')}`);
  return pairs.join('&');
}

/** The request body of a question. */
export function requestOfQuestion(question: Question): SimulationRequest {
  const body: SimulationRequest = { ncm: question.ncm, max_results: question.maxResults };
  if (question.volumeKg !== null) body.volume_kg = question.volumeKg;
  if (question.volume !== undefined) body.volume = question.volume;
  if (question.countries.length > 0) body.countries = question.countries;
  if (!hasDefaultWeights(question.weights)) body.weights = question.weights;
  return body;
}
