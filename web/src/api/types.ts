/**
 * The shapes of the HTTP API, by the names that the page uses.
 *
 * They come from the OpenAPI document: `npm run types` writes `generated/schema.ts` from docs/api/openapi.json before each build.
 * Nothing outside this folder names the generated file.
 */
import type { components } from './generated/schema';

type Schemas = components['schemas'];

/** An `application/problem+json` body. */
export type Problem = Schemas['Problem'];
/** A code of the closed table of errors in docs/api/errors.md. */
export type ErrorCode = Problem['error'];
/** One wrong field: a JSON pointer into the body (`/countries/0`) or the name of a query parameter. */
export type FieldProblem = Schemas['FieldError'];

/** Who is signed in; `user` is null for an anonymous visitor. */
export type Session = Schemas['Session'];
export type User = Schemas['User'];
/** Free simulations of today; the counts are null for premium callers, who have no limit. */
export type Usage = Schemas['SimulatorUsage'];
export type Tier = Usage['tier'];

export type Product = Schemas['Product'];
export type Products = Schemas['ProductList'];
export type Country = Schemas['Country'];
export type SavedProduct = Schemas['SavedProduct'];

export type SimulationRequest = Schemas['SimulationRequest'];
export type Simulation = Schemas['Simulation'];
export type Destination = Schemas['Destination'];
export type DemandLevel = Destination['demand_level'];
export type Confidence = Destination['confidence'];
export type PartName = keyof Schemas['ScoreBreakdown'];
export type ScorePart = Schemas['ScorePart'];
/** Relative importance of the parts of a score. */
export type Weights = Record<PartName, number>;
export type Estimate = Schemas['EstimateRange'];
export type LogisticsEstimate = Schemas['LogisticsEstimate'];
export type TariffEstimate = Schemas['TariffEstimate'];
/** Twelve months of exports to one destination. */
export type Window = Schemas['Window'];

/** A table of `GET /v1/exports`; the columns depend on the question. */
export type ExportsTable<Row> = Omit<Schemas['ExportTable'], 'data'> & { data: Row[] };

/** A key for programs, without its secret. */
export type ApiKey = Schemas['ApiKey'];
/** The answer to a new key: the only time that the secret is seen. */
export type NewApiKey = Schemas['NewApiKey'];
/** One line of the access log about the signed-in user. */
export type Activity = Schemas['Activity'];

/** A PIX key with its kind; the value is null for a random key that the directory has not made yet. */
export type PixKey = Schemas['PixKey'];
export type PixKeyType = PixKey['type'];
export type PixAccount = Schemas['PixAccount'];
export type PixAccountType = PixAccount['type'];
export type PixOwner = Schemas['PixOwner'];
/** A registered key and where it leads. */
export type PixKeyEntry = Schemas['PixKeyEntry'];
export type PixKeyPage = Schemas['PixKeyPage'];
/** Whose a key is, as much as a person who is about to pay may see. */
export type PixKeyLookup = Schemas['PixKeyLookup'];
export type PixKeyLookupQuestion = Schemas['PixKeyLookupQuestion'];
export type PixKeyRegistration = Schemas['PixKeyRegistration'];
export type PixKeyRemoval = Schemas['PixKeyRemoval'];
export type PossessionCode = Schemas['PossessionCode'];
export type PossessionProof = Schemas['PossessionProof'];
export type PixClaim = Schemas['PixClaim'];
export type PixClaimPage = Schemas['PixClaimPage'];
export type NewPixClaim = Schemas['NewPixClaim'];
export type PixClaimCancellation = Schemas['PixClaimCancellation'];
