import type { ReactNode } from 'react';

export interface HiddenTable {
  caption: string;
  columns: string[];
  rows: string[][];
}

interface ChartFigureProps {
  caption: ReactNode;
  /** The same numbers as the chart, for whoever cannot see it; left out where the page shows them as a table anyway. */
  table?: HiddenTable;
  /** The chart; hidden from assistive technology, which gets the table. */
  children: ReactNode;
}

/** A chart with its numbers as a visually hidden table beside it. */
export function ChartFigure({ caption, table, children }: ChartFigureProps) {
  return (
    <figure className="chart">
      <figcaption>{caption}</figcaption>
      <div aria-hidden="true" className="chart-plot">
        {children}
      </div>
      {table !== undefined && (
        <div className="visually-hidden">
          <table>
            <caption>{table.caption}</caption>
            <thead>
              <tr>
                {table.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row) => (
                <tr key={row[0]}>
                  {row.map((cell, at) =>
                    at === 0 ? (
                      <th key={table.columns[at]} scope="row">
                        {cell}
                      </th>
                    ) : (
                      <td key={table.columns[at]}>{cell}</td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </figure>
  );
}
