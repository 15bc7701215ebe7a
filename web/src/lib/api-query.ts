/**
 * Queries for GET requests. The library openapi-react-query is not used, because its types say that
 * an error is the body of the response, and not an `ApiError`.
 */
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import type { ClientPathsWithMethod, MethodResponse, ParamsOption } from 'openapi-fetch';

import type { paths } from '@/api/schema';
import { api, type ApiError, dataOf } from '@/lib/api-client';

type Path = ClientPathsWithMethod<typeof api, 'get'>;
type Params<P extends Path> = ParamsOption<paths[P]['get']>;
/** The parameters may be left out if none of them is required. */
type Init<P extends Path> = Params<P> extends { params: object } ? [Params<P>] : [Params<P>?];
type Data<P extends Path> = MethodResponse<typeof api, 'get', P>;

/** `api.GET` with types that TypeScript can resolve while the path is a type parameter. */
// eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- see above
const get = api.GET as unknown as <P extends Path>(
  path: P,
  init: { signal: AbortSignal },
) => Promise<{ data?: Data<P> }>;

/** Returns the options of a query, with types from the description of the API. */
export const apiQuery = <P extends Path>(path: P, ...init: Init<P>) =>
  queryOptions<Data<P>, ApiError>({
    queryKey: apiKey(path, ...init),
    queryFn: ({ signal }) => dataOf(get(path, { ...init[0], signal })),
  });

/** Returns the key of a query: the resource, such as `models`, the path and the parameters. */
export const apiKey = <P extends Path>(path: P, ...[init]: Init<P>): QueryKey => [
  path.split('/')[3],
  path,
  init,
];
