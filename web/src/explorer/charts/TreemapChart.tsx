import { hierarchy, treemap, type HierarchyRectangularNode } from 'd3-hierarchy';
import { useState } from 'react';
import { useWidth } from '../../components/useWidth';
import { shortValue } from '../labels';
import { measureOf } from '../question';
import { marksOf, type Mark } from './drawn';
import { boundsOf, colourOf, stepOf } from './scale';
import type { ChartProps } from './types';

const TILES_MAX = 40;
const NARROW_PX = 520;

interface Tile {
  key: string;
  label: string;
  flag: string;
  value: number;
  partial: boolean;
  rest: boolean;
  children?: Tile[];
}

/** The tiles: the largest rows, and one for all of the others together. */
export function tilesOf(marks: readonly Mark[], restLabel: string): Tile[] {
  const positive = marks.filter((mark) => mark.value > 0).toSorted((left, right) => right.value - left.value);
  const tiles: Tile[] = positive.slice(0, TILES_MAX).map((mark) => ({ ...mark, rest: false }));
  const rest = positive.slice(TILES_MAX);
  if (rest.length > 0) {
    const value = rest.reduce((sum, mark) => sum + mark.value, 0);
    tiles.push({ key: 'rest', label: restLabel, flag: '', value, partial: rest.some((mark) => mark.partial), rest: true });
  }
  return tiles;
}

function placed(tiles: Tile[], width: number, height: number): HierarchyRectangularNode<Tile>[] {
  const root: Tile = { key: 'root', label: '', flag: '', value: 0, partial: false, rest: false, children: tiles };
  const tree = hierarchy(root, (tile) => tile.children)
    .sum((tile) => (tile.children === undefined ? tile.value : 0))
    // What is gathered from the small ones stands last, whatever its size.
    // oxlint-disable-next-line unicorn/no-array-sort -- the sort of a hierarchy, which has no other
    .sort((left, right) => Number(left.data.rest) - Number(right.data.rest) || (right.value ?? 0) - (left.value ?? 0));
  return treemap<Tile>().size([width, height]).paddingInner(2).round(true)(tree).leaves();
}

/** Rows as areas of one whole. */
export default function TreemapChart({ question, rows, partiality, words }: ChartProps) {
  const { texts, formats } = words;
  const { ref, width } = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<Tile | null>(null);
  const measure = measureOf(question);
  const tiles = tilesOf(marksOf(question, rows, words, partiality), texts.figure.treemapRest);
  const whole = tiles.reduce((sum, tile) => sum + tile.value, 0);
  const bounds = boundsOf(tiles.filter((tile) => !tile.rest).map((tile) => tile.value));
  const height = width < NARROW_PX ? 420 : 400;
  const note = pointed ?? tiles[0] ?? null;
  if (tiles.length === 0) return <p className="chart-note">{texts.figure.nothingToDraw}</p>;
  return (
    <div>
      <p className="chart-note">
        {note !== null && (
          <span>
            <strong>
              {note.flag} {note.label}
            </strong>{' '}
            {shortValue(note.value, measure, formats)} · {formats.percent((note.value / whole) * 100)}
          </span>
        )}
        {tiles.some((tile) => tile.partial) && (
          <span className="legend-item">
            <span className="swatch swatch-hatched" /> {texts.figure.partialArea}
          </span>
        )}
      </p>
      <div ref={ref} className="treemap" style={{ height }} onPointerLeave={() => setPointed(null)}>
        {width > 0 &&
          placed(tiles, width, height).map((node) => {
            const tile = node.data;
            const [wide, high] = [node.x1 - node.x0, node.y1 - node.y0];
            // Too small for two lines or for a flag: one line, cut with dots rather than in the middle of a word.
            const small = wide < 92 || high < 56;
            const colour = tile.rest ? 'rest' : colourOf(stepOf(tile.value, bounds), bounds.length + 1);
            return (
              <div
                key={tile.key}
                className={`tile step-${colour}${tile.partial ? ' hatched-over' : ''}`}
                style={{ left: node.x0, top: node.y0, width: wide, height: high }}
                onPointerEnter={() => setPointed(tile)}
              >
                {wide > 56 && high > 34 && (
                  <span className={small ? 'tile-label tile-label-small' : 'tile-label'}>
                    {!small && tile.flag !== '' && <span className="flag">{tile.flag} </span>}
                    {tile.label}
                  </span>
                )}
                {wide > 64 && high > 60 && <span className="tile-value number">{formats.percent((tile.value / whole) * 100)}</span>}
              </div>
            );
          })}
      </div>
    </div>
  );
}
