import { queryOptions } from '@tanstack/react-query';
import type { ClientPathsWithMethod, MethodResponse, ParamsOption } from 'openapi-fetch';

import type { paths } from '@/api/schema';
import { api, type ApiError, dataOf } from '@/lib/api-client';

type Path = ClientPathsWithMethod<typeof api, 'get'>;
type Params<P extends Path> = ParamsOption<paths[P]['get']>;
/** The parameters may be left out if none of them is required. */
type Init<P extends Path> = Params<P> extends { params: object } ? [Params<P>] : [Params<P>?];
type Data<P extends Path> = MethodResponse<typeof api, 'get', P>;

/** `api.GET` with types that TypeScript can resolve while the path is a type parameter. */
const get = api.GET as unknown as <P extends Path>(
  path: P,
  init: { signal: AbortSignal },
) => Promise<{ data?: Data<P> }>;

/**
 * Returns the options of a query for a GET request, with types from the description of the API.
 *
 * The key of the query consists of the resource, such as `classifications`, the path and the
 * parameters.
 */
export const apiQuery = <P extends Path>(path: P, ...[init]: Init<P>) =>
  queryOptions<Data<P>, ApiError>({
    queryKey: [resourceOf(path), path, init],
    queryFn: ({ signal }) => dataOf(get(path, { ...init, signal })),
  });

/** Returns the part of a path after `/api/v1/`, up to the next slash. */
const resourceOf = (path: string) => path.split('/')[3];
