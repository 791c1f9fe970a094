import { z } from 'zod';

// Our content policy allows no code from strings, and without this zod tries whether it may make some, which the browser reports.
z.config({ jitless: true });
