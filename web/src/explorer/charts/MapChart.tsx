import { useQuery } from '@tanstack/react-query';
import { geoEqualEarth, geoPath, type GeoProjection } from 'd3-geo';
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { useMemo, useState } from 'react';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import atlasAddress from 'world-atlas/countries-110m.json?url';
import { Skeleton } from '../../components/Skeleton';
import { shortValue } from '../labels';
import { measureOf } from '../question';
import { marksOf, type Mark } from './drawn';
import { boundsOf, colourOf, GROWTH_BOUNDS, stepOf } from './scale';
import { alpha2OfShape, POINTS } from './shapes';
import type { ChartProps } from './types';

const WIDTH = 960;
const HEIGHT = 460;
const ANTARCTICA = 'AQ';
const BRAZIL = 'BR';

type Shape = Feature<Geometry>;

interface Drawing {
  /** Alpha-2 code, null for shapes without one, and the path. */
  shapes: { code: string | null; path: string; key: string }[];
  projection: GeoProjection;
}

function drawingOf(topology: Topology<{ countries: GeometryCollection }>): Drawing {
  const world: FeatureCollection<Geometry> = feature(topology, topology.objects.countries);
  // Nobody buys there, and it would take a fifth of the height.
  const shapes = world.features.filter((shape: Shape) => alpha2OfShape(shape.id) !== ANTARCTICA);
  const projection = geoEqualEarth().fitSize([WIDTH, HEIGHT], { type: 'FeatureCollection', features: shapes });
  const path = geoPath(projection).digits(1);
  return {
    projection,
    shapes: shapes.map((shape, at) => ({ code: alpha2OfShape(shape.id), path: path(shape) ?? '', key: String(shape.id ?? `shape-${at}`) })),
  };
}

function useDrawing() {
  const atlas = useQuery({
    queryKey: ['atlas'],
    queryFn: async ({ signal }) => {
      const answer = await fetch(atlasAddress, { signal });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      return (await answer.json()) as Topology<{ countries: GeometryCollection }>;
    },
    staleTime: Infinity,
  });
  const drawing = useMemo(() => (atlas.data === undefined ? null : drawingOf(atlas.data)), [atlas.data]);
  return { drawing, failed: atlas.isError };
}

interface Coloured {
  mark: Mark;
  /** Class of the stylesheet: `step-1`, the palest, to `step-5`; `fall-1`, `fall-2` for what shrank. */
  colour: string;
}

function colourName(value: number, growth: boolean, bounds: readonly number[]): string {
  if (growth) return ['fall-2', 'fall-1', 'step-1', 'step-3', 'step-5'][stepOf(value, GROWTH_BOUNDS)] ?? 'step-1';
  return `step-${colourOf(stepOf(value, bounds), bounds.length + 1)}`;
}

function Legend({ bounds, growth, words, written }: { bounds: readonly number[]; growth: boolean; words: ChartProps['words']; written: (value: number) => string }) {
  const { texts } = words;
  const { figure } = texts;
  const label = (at: number) => {
    const [low, high] = [bounds[at - 1], bounds[at]];
    if (low === undefined) return high === undefined ? '' : figure.upTo(written(high));
    return high === undefined ? figure.above(written(low)) : figure.between(written(low), written(high));
  };
  const middle = (at: number) => (bounds[at - 1] ?? 0) + ((bounds[at] ?? bounds[at - 1] ?? 0) - (bounds[at - 1] ?? 0)) / 2;
  const sample = (at: number) => (at === 0 ? (bounds[0] ?? 1) - 1e-9 : at === bounds.length ? (bounds.at(-1) ?? 0) : middle(at));
  return (
    <p className="chart-note map-legend">
      {Array.from({ length: bounds.length + 1 }, (_, at) => (
        <span key={label(at)} className="legend-item">
          <span className={`swatch ${colourName(sample(at), growth, bounds)}`} /> {label(at)}
        </span>
      ))}
      <span className="legend-item">
        <span className="swatch swatch-empty" /> {figure.noData}
      </span>
    </p>
  );
}

/** Countries on the map of the world, in steps of one colour; the smallest ones as dots. */
export default function MapChart({ question, rows, partiality, words }: ChartProps) {
  const { texts, formats } = words;
  const { drawing, failed } = useDrawing();
  const [pointed, setPointed] = useState<Mark | null>(null);
  const measure = measureOf(question);
  const growth = measure === 'growth';
  const marks = useMemo(() => marksOf(question, rows, words, partiality), [question, rows, words, partiality]);
  const bounds = useMemo(() => (growth ? GROWTH_BOUNDS : boundsOf(marks.map((mark) => mark.value))), [growth, marks]);
  const coloured = useMemo(
    () => new Map<string, Coloured>(marks.map((mark) => [String(mark.row['country']), { mark, colour: colourName(mark.value, growth, bounds) }])),
    [marks, growth, bounds],
  );
  if (failed) return <p className="chart-note">{texts.figure.mapFailed}</p>;
  if (drawing === null) return <Skeleton size="block" />;
  const drawn = new Set(drawing.shapes.map((shape) => shape.code));
  const outside = marks.filter((mark) => !drawn.has(String(mark.row['country'])) && POINTS[String(mark.row['country'])] === undefined);
  const largest = marks.toSorted((left, right) => right.value - left.value)[0] ?? null;
  const note = pointed ?? largest;
  return (
    <div>
      <p className="chart-note">
        {note !== null && (
          <span>
            <strong>
              {note.flag} {note.label}
            </strong>{' '}
            {shortValue(note.value, measure, formats)}
          </span>
        )}
        {partiality.everything && (
          <span className="legend-item">
            <span className="swatch swatch-hatched" /> {texts.figure.partialArea}
          </span>
        )}
      </p>
      <svg className="map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} onPointerLeave={() => setPointed(null)}>
        <defs>
          <pattern id="map-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="2" height="6" className="map-hatch" />
          </pattern>
        </defs>
        {drawing.shapes.map((shape) => {
          const found = shape.code === null ? undefined : coloured.get(shape.code);
          return (
            <path
              key={shape.key}
              d={shape.path}
              className={`country ${found?.colour ?? (shape.code === BRAZIL ? 'country-home' : 'country-empty')}`}
              onPointerEnter={() => setPointed(found?.mark ?? null)}
            />
          );
        })}
        {partiality.everything &&
          drawing.shapes
            .filter((shape) => shape.code !== null && coloured.has(shape.code))
            .map((shape) => <path key={shape.key} d={shape.path} fill="url(#map-hatch)" pointerEvents="none" />)}
        {Object.entries(POINTS).map(([code, place]) => {
          const found = coloured.get(code);
          const at = found === undefined ? null : drawing.projection([place[0], place[1]]);
          if (found === undefined || at === null || drawn.has(code)) return null;
          return (
            <circle
              key={code}
              cx={at[0]}
              cy={at[1]}
              r={4}
              className={`country country-dot ${found.colour}`}
              onPointerEnter={() => setPointed(found.mark)}
            />
          );
        })}
      </svg>
      <Legend bounds={bounds} growth={growth} words={words} written={(value) => shortValue(value, measure, formats)} />
      {outside.length > 0 && (measure === 'fob' || measure === 'kg') && (
        <p className="chart-note">
          {texts.figure.mapOutside(
            formats.list(outside.slice(0, 4).map((mark) => mark.label)),
            shortValue(outside.reduce((sum, mark) => sum + mark.value, 0), measure, formats),
          )}
        </p>
      )}
    </div>
  );
}
